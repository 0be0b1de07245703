/* Ends well at once, without a word. */
int main(void) { return 0; }
