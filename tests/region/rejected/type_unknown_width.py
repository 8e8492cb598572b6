import spatial as sp
from spatial import Int

wide = Int(2000)
