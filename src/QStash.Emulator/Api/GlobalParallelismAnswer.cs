namespace QStash.Emulator.Api;

/// <summary>How many attempts of the account may be open at a time, and how many are.</summary>
sealed record GlobalParallelismAnswer(int ParallelismMax, int ParallelismCount);
