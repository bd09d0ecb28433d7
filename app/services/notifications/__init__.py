"""What people are told: the kinds of notification, their texts, hours, the inbox and the outbox."""
