namespace Goodhart.Text.Tests.Parquet;

/// <summary>Deterministic damage to a file: bits and bytes changed, cut short, parts moved or said twice.</summary>
internal static class Mutations
{
    private static readonly byte[] Telling = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    public static byte[] Of(byte[] original, Random random)
    {
        byte[] mutant = [.. original];
        switch (random.Next(8))
        {
            case 0:
                return mutant[..random.Next(mutant.Length)];
            case 1:
                int from = random.Next(mutant.Length);
                int length = random.Next(Math.Min(64, mutant.Length - from));
                return [.. mutant[..from], .. mutant[(from + length)..]];
            case 2:
                int start = random.Next(mutant.Length);
                byte[] part = mutant[start..Math.Min(mutant.Length, start + random.Next(64))];
                part.CopyTo(mutant, random.Next(mutant.Length - part.Length + 1));
                return mutant;
            default:
                Poke(mutant, random);
                return mutant;
        }
    }

    /// <summary>Half of the changes go to the last kilobyte, where Parquet has its footer.</summary>
    private static void Poke(byte[] mutant, Random random)
    {
        for (int left = random.Next(1, 6); left > 0; left--)
        {
            int window = random.Next(2) == 0 ? Math.Min(1024, mutant.Length) : mutant.Length;
            int at = mutant.Length - 1 - random.Next(window);
            mutant[at] = random.Next(3) switch
            {
                0 => (byte)(mutant[at] ^ (1 << random.Next(8))),
                1 => Telling[random.Next(Telling.Length)],
                _ => (byte)random.Next(256),
            };
        }
    }
}
