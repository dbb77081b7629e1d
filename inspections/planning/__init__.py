"""Where to go next: what comes round, what is urgent, and the inspectors' calendars."""
