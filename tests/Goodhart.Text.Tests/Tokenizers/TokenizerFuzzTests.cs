using System.Text;
using System.Text.RegularExpressions;
using Goodhart.Testing;
using Goodhart.Text.Tokenizers;
using Xunit;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>Any string and any file.</summary>
[Trait("Category", "Fuzz")]
public sealed partial class TokenizerFuzzTests
{
    private static readonly ITokenizer Pythia = GoldenTokenizers.Pythia;

    [Fact]
    public void Any_string_survives_the_round_trip_in_its_normal_form()
    {
        SplitMix random = new(1);
        for (int round = 0; round < 3000; round++)
        {
            string text = RandomText(random, random.Next(40));
            int[] ids = Pythia.Encode(text);
            string expected = Normal(Repaired(text));
            Assert.Equal(expected, Pythia.Decode(ids));
            Assert.Equal(expected, PythiaConformanceTests.Streamed(Pythia, ids));
        }
    }

    [Fact]
    public void Streaming_equals_decoding_on_any_ids()
    {
        SplitMix random = new(2);
        for (int round = 0; round < 2000; round++)
        {
            // Ids of single bytes and short fragments are low ones: these break characters in every way.
            int[] ids = new int[random.Next(20)];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = random.Next(random.Next(2) == 0 ? 300 : Pythia.VocabularySize);
            }

            Assert.Equal(Pythia.Decode(ids), PythiaConformanceTests.Streamed(Pythia, ids));
        }
    }

    [Fact]
    public void Malformed_text_has_a_defined_encoding()
    {
        // Not a theory: attributes cannot hold lone surrogates.
        (string Text, string Expected)[] cases =
        [
            ("\uD800", "\uFFFD"),
            ("a\uDC00b", "a\uFFFDb"),
            ("\uD800\uD800\uDC00\uDC00", "\uFFFD\U00010000\uFFFD"),
            ("e\u0301\uFFFEe\u0301", "é\uFFFEé"),   // a noncharacter at which .NET refuses to normalise
        ];
        Assert.All(cases, golden => Assert.Equal(golden.Expected, Pythia.Decode(Pythia.Encode(golden.Text))));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("é")]
    [InlineData("𠀀")]
    [InlineData("!")]
    [InlineData("\n")]
    [InlineData(" \t")]
    [InlineData("1")]
    [InlineData("<|endoftext")]
    public void Very_long_words_come_to_an_end(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        Assert.Equal(text, Hang.Guard(() => Pythia.Decode(Pythia.Encode(text))));
    }

    [Theory]
    [InlineData("gpt2-style", "<|endoftext|>")]
    [InlineData("llama3-style", "<|end_of_text|>")]
    public void A_damaged_file_is_refused_or_works(string name, string eos)
    {
        byte[] good = Encoding.UTF8.GetBytes(GoldenTokenizers.Variant(name));
        TryMutations(good, $$"""{"eos_token": "{{eos}}"}""", Fuzz.Mutations / 2, new(3));
    }

    [Fact]
    public void A_damaged_real_file_is_refused_or_works()
    {
        byte[] good = File.ReadAllBytes(Path.Combine(GoldenTokenizers.PythiaFolder, "tokenizer.json"));
        TryMutations(good, """{"eos_token": "<|endoftext|>"}""", Fuzz.Mutations / 50, new(4));
    }

    private static void TryMutations(byte[] good, string config, int count, SplitMix random)
    {
        using TemporaryFolder folder = new();
        folder.Write("tokenizer_config.json", config);
        string sample = "Hello  world's \t\n 1234 é\u0301 𠀀 <|endoftext|> <b> ";
        int opened = 0;
        for (int round = 0; round < count; round++)
        {
            byte[] damaged = Mutation.Of(good, random);
            File.WriteAllBytes(folder["tokenizer.json"], damaged);
            bool refused = Fuzz.Refuses<TokenizerException>(round, damaged, 100_000_000 + (40L * good.Length), Place(), () =>
            {
                ITokenizer tokenizer = TokenizerFile.Open(folder.Path);
                tokenizer.Decode(tokenizer.Encode(sample));
            });
            opened += refused ? 0 : 1;
        }

        Assert.True(count < 100 || opened is > 0 && opened < count, $"{opened} of {count} opened: the mutations are too mild or too wild");
    }

    // The file, and in it a byte or the path of a field, or the part of the vocabulary that is wrong.
    [GeneratedRegex(
        @"tokenizer\.json: (not valid JSON: .*LineNumber: \d+|byte \d+|the file: |vocabulary: |\w+(\.\w+|\[.*\])*: )|_token",
        RegexOptions.Singleline)]
    private static partial Regex Place();

    private static string RandomText(SplitMix random, int length)
    {
        StringBuilder text = new();
        for (int i = 0; i < length; i++)
        {
            _ = random.Next(8) switch
            {
                0 => text.Append((char)random.Next(0x10000)),   // lone surrogates among them
                1 => text.Append(char.ConvertFromUtf32(0x10000 + random.Next(0x100000))),
                2 => text.Append(' ', 1 + random.Next(30)),
                3 => text.Append((char)(0x300 + random.Next(0x70))),
                4 => text.Append("'s<|endoftext|>\u0085\r\n"),
                _ => text.Append((char)(1 + random.Next(0x17F))),
            };
        }

        return text.ToString();
    }

    /// <summary>The framework's own replacement of lone surrogates.</summary>
    private static string Repaired(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Normal(string text) =>
        string.Join('\uFFFE', text.Split('\uFFFE').Select(part => part.Normalize(NormalizationForm.FormC)));
}
