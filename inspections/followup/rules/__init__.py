"""What holds of findings after the visit, as pure functions."""
