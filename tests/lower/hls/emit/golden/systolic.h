
// programs.py:15
static void load_A_0(int i, hls::stream<ap_int<8>> &fifo_A, const ap_int<8> A[32]) {
#pragma HLS inline off
    // programs.py:17
    k: for (int k = 0; k < 8; k++) {
#pragma HLS pipeline II=1 style=flp
        fifo_A.write(A[i * 8 + k]);
    }
}

// programs.py:21
static void load_B_0(int j, hls::stream<ap_int<8>> &fifo_B, const ap_int<8> B[32]) {
#pragma HLS inline off
    // programs.py:23
    k: for (int k = 0; k < 8; k++) {
#pragma HLS pipeline II=1 style=flp
        fifo_B.write(B[k * 4 + j]);
    }
}

// programs.py:27
static void pe_0(int i, int j, hls::stream<ap_int<8>> &fifo_A_in, hls::stream<ap_int<8>> &fifo_B_in,
                 hls::stream<ap_int<8>> &fifo_A_out, hls::stream<ap_int<8>> &fifo_B_out, ap_int<32> C[16]) {
#pragma HLS inline off
    ap_int<32> acc = 0;
    // programs.py:30
    k: for (int k = 0; k < 8; k++) {
#pragma HLS pipeline II=1 style=flp
        const ap_int<8> a = fifo_A_in.read();
        const ap_int<8> b = fifo_B_in.read();
        acc += a * b;
        fifo_A_out.write(a);
        fifo_B_out.write(b);
    }
    C[i * 4 + j] = acc;
}

// programs.py:27
static void pe_1(int i, int j, hls::stream<ap_int<8>> &fifo_A, hls::stream<ap_int<8>> &fifo_B_in,
                 hls::stream<ap_int<8>> &fifo_B_out, ap_int<32> C[16]) {
#pragma HLS inline off
    ap_int<32> acc = 0;
    // programs.py:30
    k: for (int k = 0; k < 8; k++) {
#pragma HLS pipeline II=1 style=flp
        const ap_int<8> a = fifo_A.read();
        const ap_int<8> b = fifo_B_in.read();
        acc += a * b;
        fifo_B_out.write(b);
    }
    C[i * 4 + j] = acc;
}

// programs.py:27
static void pe_2(int i, int j, hls::stream<ap_int<8>> &fifo_A_in, hls::stream<ap_int<8>> &fifo_B,
                 hls::stream<ap_int<8>> &fifo_A_out, ap_int<32> C[16]) {
#pragma HLS inline off
    ap_int<32> acc = 0;
    // programs.py:30
    k: for (int k = 0; k < 8; k++) {
#pragma HLS pipeline II=1 style=flp
        const ap_int<8> a = fifo_A_in.read();
        const ap_int<8> b = fifo_B.read();
        acc += a * b;
        fifo_A_out.write(a);
    }
    C[i * 4 + j] = acc;
}

// programs.py:27
static void pe_3(int i, int j, hls::stream<ap_int<8>> &fifo_A, hls::stream<ap_int<8>> &fifo_B,
                 ap_int<32> C[16]) {
#pragma HLS inline off
    ap_int<32> acc = 0;
    // programs.py:30
    k: for (int k = 0; k < 8; k++) {
#pragma HLS pipeline II=1 style=flp
        const ap_int<8> a = fifo_A.read();
        const ap_int<8> b = fifo_B.read();
        acc += a * b;
    }
    C[i * 4 + j] = acc;
}
