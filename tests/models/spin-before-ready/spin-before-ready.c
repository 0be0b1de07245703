/* Works for ever without a word. */
int main(void) {
  for (volatile unsigned turn = 0;; turn++) {
  }
}
