using System.Text.Json.Nodes;
using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class LossesVerbTests
{
    public static TheoryData<string> Names => [.. LossCatalogue.All.Select(entry => entry.Name)];

    [Fact]
    public async Task The_list_has_a_row_for_every_loss()
    {
        CommandRun run = await CommandRun.Of("losses");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        string[] lines = run.Output.Split('\n');
        Assert.All(LossCatalogue.All, entry => Assert.Single(lines, line => line.StartsWith($"  {entry.Name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_gives_formula_parameters_and_a_command_that_is_understood(string name)
    {
        LossEntry entry = LossCatalogue.Find(name);
        CommandRun run = await CommandRun.Of("losses", name);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.All(
            [
                entry.Formula, entry.Source, entry.BetaMeaning, .. entry.Conversions,
                .. entry.Parameters.Select(parameter => parameter.Meaning),
            ],
            text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
        string use = run.Output.Split('\n').Single(line => line.Contains("goodhart align ", StringComparison.Ordinal));
        Assert.Empty(GoodhartCommand.Create().Parse(use[(use.IndexOf("goodhart ", StringComparison.Ordinal) + 9)..]).Errors);
    }

    [Fact]
    public async Task Json_holds_what_the_catalogue_does()
    {
        JsonArray all = JsonNode.Parse((await CommandRun.Of("losses", "--json")).Output)!.AsArray();
        Assert.Equal(LossCatalogue.All.Select(entry => entry.Name), all.Select(loss => (string)loss!["name"]!));
        JsonNode one = JsonNode.Parse((await CommandRun.Of("losses", "r-dpo", "--json")).Output)!;
        Assert.Equal(("alpha", 0.01), ((string)one["parameters"]![0]!["name"]!, (double)one["parameters"]![0]!["default"]!));
        Assert.True((bool)one["needsReference"]!);
    }

    [Fact]
    public async Task Drawings_are_drawn_again_and_replace_nothing_else()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(ExitCode.Done, (await CommandRun.Of("losses", "--out", folder.Root)).Code);
        Assert.Equal(
            LossCatalogue.All.Select(entry => $"{entry.Name}.svg").Order(StringComparer.Ordinal),
            Directory.GetFiles(folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string first = File.ReadAllText(folder.Path("dpo.svg"));
        Assert.Equal(ExitCode.Done, (await CommandRun.Of("losses", "dpo", "--out", folder.Root)).Code);
        Assert.Equal(first, File.ReadAllText(folder.Path("dpo.svg")));

        File.WriteAllText(folder.Path("dpo.svg"), "mine");
        CommandRun refused = await CommandRun.Of("losses", "--out", folder.Root);
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("is no drawing of dpo", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.Path("dpo.svg")));
    }

    [Fact]
    public async Task An_unknown_loss_is_bad_input()
    {
        CommandRun run = await CommandRun.Of("losses", "dppo");
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("dppo", run.Error, StringComparison.Ordinal);
    }
}
