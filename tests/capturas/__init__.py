"""As figuras do README, tiradas das janelas de verdade: `python3 -m tests.capturas`."""
