"""What keeps an installation sound without anybody asking."""
