template <class T>
static T greatest(const T &a, const T &b) {
    return a < b ? b : a;
}

// Tokens of a channel that were read ahead of their turn, for whoever looks at them first.
template <class T, int N>
struct window {
    T token[N];
    int held = 0;
    T peek(hls::stream<T> &from, int position) {
        for (int n = 0; n < N; n++) {
#pragma HLS unroll
            if (held == n && n <= position) {
                token[n] = from.read();
                held++;
            }
        }
        return token[position];
    }
    T take() {
        const T first = token[0];
        for (int n = 1; n < N; n++) {
#pragma HLS unroll
            token[n - 1] = token[n];
        }
        held--;
        return first;
    }
    T read(hls::stream<T> &from) { return held > 0 ? take() : from.read(); }
    bool read_nb(hls::stream<T> &from, T &into) {
        if (held > 0) {
            into = take();
            return true;
        }
        return from.read_nb(into);
    }
    bool empty(hls::stream<T> &from) { return held == 0 && from.empty(); }
};

// programs.py:77
static void source_0(hls::stream<ap_int<32>> &numbers, const ap_int<32> X[16]) {
#pragma HLS inline off
    // programs.py:78
    n: for (int n = 0; n < 16; n++) {
#pragma HLS pipeline II=1 style=flp
        numbers.write(X[n]);
    }
}

// programs.py:82
static void window_0(hls::stream<ap_int<32>> &numbers, hls::stream<ap_int<32>> &found) {
#pragma HLS inline off
    static window<ap_int<32>, 4> numbers_ahead;
    ap_int<32> best = numbers_ahead.peek(numbers, 0);
    // programs.py:85
    k: for (int k = 1; k < 4; k++) {
#pragma HLS pipeline II=1 style=flp
        best = greatest<ap_int<32>>(best, numbers_ahead.peek(numbers, k));
    }
    found.write(best);
    numbers_ahead.read(numbers);
}

// programs.py:91
static void sink_0(hls::stream<ap_int<32>> &found, ap_int<32> Y[13]) {
#pragma HLS inline off
    // programs.py:92
    n: for (int n = 0; n < 13; n++) {
#pragma HLS pipeline II=1 style=flp
        Y[n] = found.read();
    }
}
