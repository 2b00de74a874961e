"""From a Message to a Reading."""
