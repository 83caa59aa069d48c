using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Parsing;
using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>The numbers of YAML files are the same in every language.</summary>
public sealed class LanguageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> ConfigurableVerbs =>
        [.. CommandTree.Verbs.Where(verb => CommandTree.IsConfigurable(verb) && CommandTree.OptionsOf(verb).Any(CommandTree.IsNumber))];

    public static TheoryData<string> Presets => [.. StudyPresets.Names];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(ConfigurableVerbs))]
    public void Every_number_of_an_options_file_is_the_same(string verb)
    {
        Cultures.RequireLanguages();
        string[] words = verb.Split(' ');
        Option[] numbers = [.. CommandTree.OptionsOf(verb).Where(CommandTree.IsNumber)];
        string config = folder.Write(
            "c.yaml", string.Concat(
                numbers.Select(option => $"{ConfiguredArguments.KeyOf(option)}: {(CommandTree.IsReal(option) ? "2.5e-1" : "1234")}\n")));
        string[] args = [.. words, "--config", config];
        foreach (string culture in Cultures.All)
        {
            ParseResult parse = Cultures.In(
                culture, () => CommandTree.Parse(ConfiguredArguments.Of(CommandTree.Parse(args), args).Args));
            Assert.All(numbers, option => Assert.Equal(
                CommandTree.IsReal(option) ? 0.25 : 1234,
                Convert.ToDouble(CommandTree.ValueOf(parse, words, option.Name), CultureInfo.InvariantCulture)));
        }
    }

    [Theory]
    [InlineData("beta: 0,25", "beta: expected a number, found 0,25")]
    [InlineData("beta: 1.000,5", "beta: expected a number, found 1.000,5")]
    [InlineData("beta: 1e400", "beta: expected a number, found 1e400")]
    [InlineData("beta: nan", "beta: expected a number, found nan")]
    [InlineData("batchSize: 4.5", "batchSize: expected a whole number >= 0, found 4.5")]
    [InlineData("batchSize: 1,000", "batchSize: expected a whole number >= 0, found 1,000")]
    [InlineData("beta: -1", "--beta: expected a number > 0, found -1")]
    public async Task What_is_no_number_is_refused_in_every_language(string yaml, string message)
    {
        string config = folder.Write("c.yaml", $"model: m\ndata: d\nout: o\n{yaml}\n");
        foreach (string culture in Cultures.All)
        {
            CommandRun run = await Cultures.In(culture, () => CommandRun.Of("align", "--config", config));
            Assert.Equal(ExitCode.BadInput, run.Code);
            Assert.Contains("c.yaml:4:", run.Error, StringComparison.Ordinal);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void A_preset_is_the_same_study(string preset)
    {
        string plain = Json();
        Assert.All(Cultures.All, culture => Assert.Equal(plain, Cultures.In(culture, Json)));

        string Json() => StudyJson.Write(StudyFile.Preset(preset, ["seed=7"]));
    }

    [Fact]
    public void A_value_that_is_set_is_the_same()
    {
        Assert.All(Cultures.All, culture =>
        {
            StudyDefinition study = Cultures.In(
                culture, () => StudyFile.Preset("smoke", ["align.betas=[0.25,1e-1]", "align.learningRate=5.5e-4"]));
            Assert.Equal([0.25, 0.1], study.Align.Betas);
            Assert.Equal(0.00055, study.Align.LearningRate);
            Assert.Throws<StudyFileException>(() => Cultures.In(culture, () => StudyFile.Preset("smoke", ["align.learningRate=5,5e-4"])));
        });
    }
}
