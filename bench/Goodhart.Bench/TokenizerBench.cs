using System.Text;
using BenchmarkDotNet.Attributes;
using Goodhart.Text.Tests.Tokenizers;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Bench;

/// <summary>Pythia's tokenizer. A processor of 2024 loads it within a second and encodes five million tokens a minute and more.</summary>
public class TokenizerBench
{
    private readonly string[] texts;

    public TokenizerBench()
    {
        // Text of ordinary words in a changing order, so that neither the cache nor its absence is all that is measured.
        SplitMix random = new(5);
        string[] words = [.. Enumerable.Range(0, 20_000).Select(_ => Word(random.Next(49_000)))];
        texts = [.. Enumerable.Range(0, 1000).Select(_ => Text(words, random))];
    }

    [Benchmark]
    public ITokenizer Load() => TokenizerFile.Open(GoldenTokenizers.PythiaFolder);

    /// <returns>Tokens.</returns>
    [Benchmark]
    public int EncodeThousandTexts() => texts.Sum(text => GoldenTokenizers.Pythia.Encode(text).Length);

    private static string Word(int token) => GoldenTokenizers.Pythia.TokenOf(300 + token).Replace('Ġ', ' ');

    private static string Text(string[] words, SplitMix random)
    {
        StringBuilder text = new();
        for (int i = 0; i < 500; i++)
        {
            text.Append(' ').Append(words[random.Next(words.Length)].TrimStart());
        }

        return text.ToString();
    }
}
