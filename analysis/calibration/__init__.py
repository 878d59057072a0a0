"""Calibration: a posterior ensemble of parameters from published figures, by waves of runs and an emulator."""
