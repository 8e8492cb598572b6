import spatial as sp
from spatial import int8

x = int8(3)
