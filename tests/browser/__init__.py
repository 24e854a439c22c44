"""Tests in a real browser: the system's chromium, driven by Playwright."""
