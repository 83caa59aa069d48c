using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using Goodhart.Cli.Parsing;
using Goodhart.Studies.Configuration;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>Command lines and options files at random, in languages at random: read or refused, the same everywhere.</summary>
[Trait("Category", "Fuzz")]
public sealed partial class OptionFuzzTests : IDisposable
{
    private static readonly string[] Values =
    [
        "", " ", "0", "1", "-1", "7", "0.5", "0,5", ".5", "5.", "1e-6", "1E400", "nan", "-∞", "1,000", "1.000", "1 000", "٣", "true", "x",
        "a=1", "a,b", "dpo", "both", "@x",
        "--", "-", "\0", "\ud83d", "💥", "0x1F", "1_0", "+3", "(3)", "3-", "18446744073709551616", "2147483648", "{\"a\":1}", "'", "\"",
        "\n", "[0]", "$3", "3 %", "½",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_command_line_is_read_the_same_in_every_language()
    {
        Random random = new(11);
        int refused = 0;
        for (int number = 0; number < Fuzz.Mutations; number++)
        {
            string verb = CommandTree.Verbs[random.Next(CommandTree.Verbs.Count)];
            string[] args = [.. verb.Split(' '), .. Words(random, CommandTree.OptionsOf(verb))];
            string culture = Cultures.All[random.Next(Cultures.All.Count)];
            string plain = Read(args, verb);
            Assert.True(plain == Cultures.In(culture, () => Read(args, verb)), $"mutation {number}, {culture}: {string.Join(' ', args)}");
            refused += plain.StartsWith("refused", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(refused, Fuzz.Mutations / 10, Fuzz.Mutations * 99 / 100);
    }

    [Fact]
    public void An_options_file_is_read_the_same_in_every_language_or_refused_with_its_place()
    {
        const string Good =
            "model: m\ndata: d\nout: o\nbeta: 0.25\nlearningRate: 5.5e-4\nbatchSize: 4\nwarmupSteps: 0\nclipNorm: 1.5\nquiet: "
                + "true\ncheckpoints: [0.5, 1]\n";
        Random random = new(12);
        string path = folder.Path("c.yaml");
        string[] args = ["align", "--config", path];
        int refused = 0;
        for (int number = 0; number < Fuzz.Mutations; number++)
        {
            byte[] damaged = Damaged(Encoding.UTF8.GetBytes(Good), random);
            File.WriteAllBytes(path, damaged);
            string culture = Cultures.All[random.Next(Cultures.All.Count)];
            string plain = Outcome();
            Assert.True(plain == Cultures.In(culture, Outcome), $"mutation {number}, {culture}: {Encoding.UTF8.GetString(damaged)}");
            refused += Fuzz.Refuses<StudyFileException>(number, damaged, 50_000_000, Place(), () => Configured()) ? 1 : 0;
        }

        Assert.InRange(refused, Fuzz.Mutations / 10, Fuzz.Mutations * 99 / 100);

        string[] Configured() => ConfiguredArguments.Of(CommandTree.Parse(args), args).Args;

        string Outcome()
        {
            try
            {
                return Read(Configured(), "align");
            }
            catch (StudyFileException refusal)
            {
                return refusal.Message;
            }
        }
    }

    private static IEnumerable<string> Words(Random random, IReadOnlyList<Option> options)
    {
        for (int count = random.Next(1, 9); count > 0; count--)
        {
            string value = random.Next(4) == 0 ? Noise(random) : Values[random.Next(Values.Length)];
            string name = options.Count == 0 ? "--none" : options[random.Next(options.Count)].Name;
            switch (random.Next(4))
            {
                case 0:
                    yield return $"{name}={value}";
                    break;
                case 1:
                    yield return value;
                    break;
                default:
                    yield return name;
                    yield return value;
                    break;
            }
        }
    }

    private static string Noise(Random random) =>
        string.Concat(
            Enumerable.Range(0, random.Next(1, 9)).Select(
                _ => (char)(random.Next(5) == 0 ? random.Next(1, 0xD800) : "0123456789.,eE+-"[random.Next(16)])));

    private static byte[] Damaged(byte[] good, Random random)
    {
        List<byte> bytes = [.. good];
        for (int count = random.Next(1, 4); count > 0 && bytes.Count > 1; count--)
        {
            int place = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(place);
                    break;
                case 2:
                    bytes.InsertRange(place, Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]));
                    break;
                default:
                    bytes[place] = (byte)"0123456789.,:-[]{}'\"#&*!|>%@\n \t"[random.Next(31)];
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>All values, or all refusals.</summary>
    private static string Read(string[] args, string verb)
    {
        ParseResult parse = CommandTree.Parse(args);
        return parse.Errors.Count > 0
            ? "refused: " + string.Join('\n', parse.Errors.Select(error => error.Message))
            : string.Join('\n', CommandTree.OptionsOf(verb).Select(option =>
                FormattableString.Invariant($"{option.Name} {CommandTree.ValueOf(parse, verb.Split(' '), option.Name)}")));
    }

    [GeneratedRegex(@"c\.yaml")]
    private static partial Regex Place();
}
