namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>SplitMix64: the same damage on every machine.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong state = seed;

    public int Next(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)bound);
    }
}
