"""What people read: words, and documents made of them."""
