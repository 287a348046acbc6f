"""What the gate measures with: pictures in, readings out. It may import torch."""
