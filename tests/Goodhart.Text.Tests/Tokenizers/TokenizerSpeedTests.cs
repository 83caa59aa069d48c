using System.Text;
using Goodhart.Text.Tokenizers;
using Xunit;
using Xunit.Abstractions;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>Speed in processor time rather than by the clock, since tests share their machine.</summary>
[Collection("Alone")]
public sealed class TokenizerSpeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Five_million_tokens_a_minute_and_a_second_to_load()
    {
        TimeSpan load = Used(() => TokenizerFile.Open(GoldenTokenizers.PythiaFolder));

        // Text of ordinary words in a changing order, so that neither the cache nor its absence is all that is measured.
        SplitMix random = new(5);
        string[] words = [.. Enumerable.Range(0, 20_000).Select(_ => GoldenTokenizers.Pythia.TokenOf(300 + random.Next(49_000)).Replace('Ġ', ' '))];
        string[] texts = [.. Enumerable.Range(0, 1000).Select(_ => Text(words, random))];
        int tokens = 0;
        TimeSpan encode = Used(() => tokens = texts.Sum(text => GoldenTokenizers.Pythia.Encode(text).Length));
        double perMinute = tokens / encode.TotalMinutes;

        output.WriteLine(FormattableString.Invariant($"loaded in {load.TotalMilliseconds:F0} ms; {tokens} tokens, {perMinute:E2} a minute"));
        Assert.True(load < TimeSpan.FromSeconds(1), $"loading took {load}");
        Assert.True(perMinute > 5e6, $"{perMinute} tokens a minute");
    }

    private static string Text(string[] words, SplitMix random)
    {
        StringBuilder text = new();
        for (int i = 0; i < 500; i++)
        {
            text.Append(' ').Append(words[random.Next(words.Length)].TrimStart());
        }

        return text.ToString();
    }

    private static TimeSpan Used(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        action();
        return Environment.CpuUsage.TotalTime - before;
    }
}

/// <summary>Tests that measure run while no other test does.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class Alone;
