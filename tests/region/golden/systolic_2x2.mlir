module {
  func.func @systolic(%A: memref<2x8xf32>, %B: memref<8x2xf32>, %C: memref<2x2xf32>) attributes {df.parameters = [["A", "array", "float32[2, 8]"], ["B", "array", "float32[8, 2]"], ["C", "array", "float32[2, 2]"]], df.region} {
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [1, 1], initial = [], stream = "fifo_A"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [1, 2], initial = [], stream = "fifo_A"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [1, 3], initial = [], stream = "fifo_A"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [2, 1], initial = [], stream = "fifo_A"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [2, 2], initial = [], stream = "fifo_A"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [2, 3], initial = [], stream = "fifo_A"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [1, 1], initial = [], stream = "fifo_B"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [1, 2], initial = [], stream = "fifo_B"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [2, 1], initial = [], stream = "fifo_B"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [2, 2], initial = [], stream = "fifo_B"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [3, 1], initial = [], stream = "fifo_B"} : () -> ()
    "df.channel"() {depth = 4 : i64, dtype = "float32", indices = [3, 2], initial = [], stream = "fifo_B"} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_0, channels = [], kernel = "pe", pid = [0, 0], values = []} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_0, channels = [], kernel = "pe", pid = [0, 3], values = []} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_0, channels = [], kernel = "pe", pid = [3, 0], values = []} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_0, channels = [], kernel = "pe", pid = [3, 3], values = []} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_1, channels = ["fifo_B[1,1]"], kernel = "pe", pid = [0, 1], values = [0 : index]} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_1, channels = ["fifo_B[1,2]"], kernel = "pe", pid = [0, 2], values = [1 : index]} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_2, channels = ["fifo_A[1,1]"], kernel = "pe", pid = [1, 0], values = [0 : index]} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_2, channels = ["fifo_A[2,1]"], kernel = "pe", pid = [2, 0], values = [1 : index]} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_3, channels = ["fifo_A[1,1]", "fifo_B[1,1]", "fifo_A[1,2]", "fifo_B[2,1]"], kernel = "pe", pid = [1, 1], values = [0 : index, 0 : index]} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_3, channels = ["fifo_A[1,2]", "fifo_B[1,2]", "fifo_A[1,3]", "fifo_B[2,2]"], kernel = "pe", pid = [1, 2], values = [0 : index, 1 : index]} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_3, channels = ["fifo_A[2,1]", "fifo_B[2,1]", "fifo_A[2,2]", "fifo_B[3,1]"], kernel = "pe", pid = [2, 1], values = [1 : index, 0 : index]} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_3, channels = ["fifo_A[2,2]", "fifo_B[2,2]", "fifo_A[2,3]", "fifo_B[3,2]"], kernel = "pe", pid = [2, 2], values = [1 : index, 1 : index]} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_4, channels = ["fifo_A[1,3]"], kernel = "pe", pid = [1, 3], values = []} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_4, channels = ["fifo_A[2,3]"], kernel = "pe", pid = [2, 3], values = []} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_5, channels = ["fifo_B[3,1]"], kernel = "pe", pid = [3, 1], values = []} : () -> ()
    "df.actor"() {arrays = ["A", "B", "C"], callee = @pe_5, channels = ["fifo_B[3,2]"], kernel = "pe", pid = [3, 2], values = []} : () -> ()
    return
  }
  func.func private @pe_0(%A: memref<2x8xf32>, %B: memref<8x2xf32>, %C: memref<2x2xf32>) attributes {df.kernel = "pe", df.parameters = [["A", "array", "float32[2, 8]"], ["B", "array", "float32[8, 2]"], ["C", "array", "float32[2, 2]"]]} {
    return
  }
  func.func private @pe_1(%j_-_1: index, %fifo_B: !df.stream<f32>, %A: memref<2x8xf32>, %B: memref<8x2xf32>, %C: memref<2x2xf32>) attributes {df.kernel = "pe", df.parameters = [["j - 1", "value", "index"], ["fifo_B", "stream", "float32"], ["A", "array", "float32[2, 8]"], ["B", "array", "float32[8, 2]"], ["C", "array", "float32[2, 2]"]]} {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1 = arith.constant 1 : index
    scf.for %t = %c0 to %c8 step %c1 {
      %0 = memref.load %B[%t, %j_-_1] : memref<8x2xf32>
      "df.put"(%fifo_B, %0) : (!df.stream<f32>, f32) -> ()
    } {df.name = "t"}
    return
  }
  func.func private @pe_2(%i_-_1: index, %fifo_A: !df.stream<f32>, %A: memref<2x8xf32>, %B: memref<8x2xf32>, %C: memref<2x2xf32>) attributes {df.kernel = "pe", df.parameters = [["i - 1", "value", "index"], ["fifo_A", "stream", "float32"], ["A", "array", "float32[2, 8]"], ["B", "array", "float32[8, 2]"], ["C", "array", "float32[2, 2]"]]} {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1 = arith.constant 1 : index
    scf.for %t = %c0 to %c8 step %c1 {
      %0 = memref.load %A[%i_-_1, %t] : memref<2x8xf32>
      "df.put"(%fifo_A, %0) : (!df.stream<f32>, f32) -> ()
    } {df.name = "t"}
    return
  }
  func.func private @pe_3(%i_-_1: index, %j_-_1: index, %fifo_A: !df.stream<f32>, %fifo_B: !df.stream<f32>, %fifo_A_0: !df.stream<f32>, %fifo_B_1: !df.stream<f32>, %A: memref<2x8xf32>, %B: memref<8x2xf32>, %C: memref<2x2xf32>) attributes {df.kernel = "pe", df.parameters = [["i - 1", "value", "index"], ["j - 1", "value", "index"], ["fifo_A", "stream", "float32"], ["fifo_B", "stream", "float32"], ["fifo_A", "stream", "float32"], ["fifo_B", "stream", "float32"], ["A", "array", "float32[2, 8]"], ["B", "array", "float32[8, 2]"], ["C", "array", "float32[2, 2]"]]} {
    %acc = memref.alloca() {df.name = "acc", df.type = "float32"} : memref<f32>
    %cst = arith.constant 0.000000e+00 : f32
    memref.store %cst, %acc[] : memref<f32>
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1 = arith.constant 1 : index
    scf.for %t = %c0 to %c8 step %c1 {
      %a = "df.get"(%fifo_A) : (!df.stream<f32>) -> f32
      %b = "df.get"(%fifo_B) : (!df.stream<f32>) -> f32
      %1 = memref.load %acc[] : memref<f32>
      %2 = arith.mulf %a, %b : f32
      %3 = arith.addf %1, %2 : f32
      memref.store %3, %acc[] : memref<f32>
      "df.put"(%fifo_A_0, %a) : (!df.stream<f32>, f32) -> ()
      "df.put"(%fifo_B_1, %b) : (!df.stream<f32>, f32) -> ()
    } {df.name = "t"}
    %0 = memref.load %acc[] : memref<f32>
    memref.store %0, %C[%i_-_1, %j_-_1] : memref<2x2xf32>
    return
  }
  func.func private @pe_4(%fifo_A: !df.stream<f32>, %A: memref<2x8xf32>, %B: memref<8x2xf32>, %C: memref<2x2xf32>) attributes {df.kernel = "pe", df.parameters = [["fifo_A", "stream", "float32"], ["A", "array", "float32[2, 8]"], ["B", "array", "float32[8, 2]"], ["C", "array", "float32[2, 2]"]]} {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1 = arith.constant 1 : index
    scf.for %t = %c0 to %c8 step %c1 {
      %a = "df.get"(%fifo_A) : (!df.stream<f32>) -> f32
    } {df.name = "t"}
    return
  }
  func.func private @pe_5(%fifo_B: !df.stream<f32>, %A: memref<2x8xf32>, %B: memref<8x2xf32>, %C: memref<2x2xf32>) attributes {df.kernel = "pe", df.parameters = [["fifo_B", "stream", "float32"], ["A", "array", "float32[2, 8]"], ["B", "array", "float32[8, 2]"], ["C", "array", "float32[2, 2]"]]} {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1 = arith.constant 1 : index
    scf.for %t = %c0 to %c8 step %c1 {
      %b = "df.get"(%fifo_B) : (!df.stream<f32>) -> f32
    } {df.name = "t"}
    return
  }
}
