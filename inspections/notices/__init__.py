"""What people are told without asking: the daily digest."""
