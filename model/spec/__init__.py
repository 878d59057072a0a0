"""What exists, declared once: parameters, levers, indicators, columns, codes and units."""
