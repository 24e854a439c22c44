"""Entities linked to other databases, whose services are played by the tests."""
