// before
module {
  func.func @sums(%A: memref<64xi32>, %Y: memref<16xi32>) attributes {df.parameters = [["A", "array", "int32[64]"], ["Y", "array", "int32[16]"]], df.region} {
    "df.actor"() {arrays = ["A", "Y"], callee = @sums_0, channels = [], kernel = "sums", pid = [0], values = []} : () -> ()
    return
  }
  func.func private @sums_0(%A: memref<64xi32>, %Y: memref<16xi32>) attributes {df.kernel = "sums", df.parameters = [["A", "array", "int32[64]"], ["Y", "array", "int32[16]"]]} {
    %c0 = arith.constant 0 : index
    %c16 = arith.constant 16 : index
    %c1 = arith.constant 1 : index
    scf.for %k = %c0 to %c16 step %c1 {
      %c4 = arith.constant 4 : index
      %0 = arith.muli %c4, %k : index
      %1 = memref.load %A[%0] : memref<64xi32>
      %c4_0 = arith.constant 4 : index
      %2 = arith.muli %c4_0, %k : index
      %c1_1 = arith.constant 1 : index
      %3 = arith.addi %2, %c1_1 : index
      %4 = memref.load %A[%3] : memref<64xi32>
      %5 = arith.extsi %1 : i32 to i33
      %6 = arith.extsi %4 : i32 to i33
      %7 = arith.addi %5, %6 overflow<nsw> : i33
      %c4_2 = arith.constant 4 : index
      %8 = arith.muli %c4_2, %k : index
      %c2 = arith.constant 2 : index
      %9 = arith.addi %8, %c2 : index
      %10 = memref.load %A[%9] : memref<64xi32>
      %11 = arith.extsi %7 : i33 to i34
      %12 = arith.extsi %10 : i32 to i34
      %13 = arith.addi %11, %12 overflow<nsw> : i34
      %c4_3 = arith.constant 4 : index
      %14 = arith.muli %c4_3, %k : index
      %c3 = arith.constant 3 : index
      %15 = arith.addi %14, %c3 : index
      %16 = memref.load %A[%15] : memref<64xi32>
      %17 = arith.extsi %13 : i34 to i35
      %18 = arith.extsi %16 : i32 to i35
      %19 = arith.addi %17, %18 overflow<nsw> : i35
      %20 = arith.trunci %19 : i35 to i32
      memref.store %20, %Y[%k] : memref<16xi32>
    } {df.name = "k"}
    return
  }
}

// after
module {
  func.func @sums(%A: memref<64xi32>, %Y: memref<16xi32>) attributes {df.parameters = [["A", "array", "int32[64]"], ["Y", "array", "int32[16]"]], df.region} {
    "df.actor"() {arrays = ["A", "Y"], callee = @sums_0, channels = [], kernel = "sums", pid = [0], values = []} : () -> ()
    return
  }
  func.func private @sums_0(%A: memref<64xi32>, %Y: memref<16xi32>) attributes {df.kernel = "sums", df.layouts = {A = "[cyclic(2)]"}, df.parameters = [["A", "array", "int32[64]"], ["Y", "array", "int32[16]"]]} {
    %c0 = arith.constant 0 : index
    %c16 = arith.constant 16 : index
    %c1 = arith.constant 1 : index
    scf.for %k = %c0 to %c16 step %c1 {
      %c4 = arith.constant 4 : index
      %0 = arith.muli %c4, %k : index
      %1 = memref.load %A[%0] : memref<64xi32>
      %c4_0 = arith.constant 4 : index
      %2 = arith.muli %c4_0, %k : index
      %c1_1 = arith.constant 1 : index
      %3 = arith.addi %2, %c1_1 : index
      %4 = memref.load %A[%3] : memref<64xi32>
      %5 = arith.extsi %1 : i32 to i33
      %6 = arith.extsi %4 : i32 to i33
      %7 = arith.addi %5, %6 overflow<nsw> : i33
      %c4_2 = arith.constant 4 : index
      %8 = arith.muli %c4_2, %k : index
      %c2 = arith.constant 2 : index
      %9 = arith.addi %8, %c2 : index
      %10 = memref.load %A[%9] : memref<64xi32>
      %11 = arith.extsi %7 : i33 to i34
      %12 = arith.extsi %10 : i32 to i34
      %13 = arith.addi %11, %12 overflow<nsw> : i34
      %c4_3 = arith.constant 4 : index
      %14 = arith.muli %c4_3, %k : index
      %c3 = arith.constant 3 : index
      %15 = arith.addi %14, %c3 : index
      %16 = memref.load %A[%15] : memref<64xi32>
      %17 = arith.extsi %13 : i34 to i35
      %18 = arith.extsi %16 : i32 to i35
      %19 = arith.addi %17, %18 overflow<nsw> : i35
      %20 = arith.trunci %19 : i35 to i32
      memref.store %20, %Y[%k] : memref<16xi32>
    } {df.name = "k"}
    return
  }
}

