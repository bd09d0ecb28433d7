"""What people say about activities, tips and challenges, and whom they tell by it."""
