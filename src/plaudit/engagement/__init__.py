"""What keeps people going: challenges, streaks, competitions, badges, birthdays and referrals."""
