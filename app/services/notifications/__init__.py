"""What people are told: kinds, words, hours, and the rows that wait to be delivered."""
