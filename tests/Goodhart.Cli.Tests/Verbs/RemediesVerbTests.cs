using System.Text.Json.Nodes;
using Goodhart.Alignment.Remedies;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class RemediesVerbTests
{
    public static TheoryData<string> Names => [.. RemedyCatalogue.All.Select(entry => entry.Name)];

    [Fact]
    public async Task The_list_has_a_row_for_every_remedy()
    {
        CommandRun run = await CommandRun.Of("remedies");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        string[] lines = run.Output.Split('\n');
        Assert.All(
            RemedyCatalogue.All, entry => Assert.Single(lines, line => line.StartsWith($"  {entry.Name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_gives_formula_parameters_and_a_command_that_is_understood(string name)
    {
        RemedyEntry entry = RemedyCatalogue.Find(name);
        CommandRun run = await CommandRun.Of("remedies", name);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.All(
            [entry.Formula, entry.Source, entry.Meaning, .. entry.Notes, .. entry.Parameters.Select(parameter => parameter.Meaning)],
            text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
        string verb = entry.IsOfStudies ? "goodhart study " : "goodhart align ";
        string use = run.Output.Split('\n').Single(line => line.Contains(verb, StringComparison.Ordinal));
        Assert.Empty(GoodhartCommand.Create().Parse(use[(use.IndexOf("goodhart ", StringComparison.Ordinal) + 9)..]).Errors);
    }

    [Fact]
    public async Task Json_holds_what_the_catalogue_does()
    {
        JsonArray all = JsonNode.Parse((await CommandRun.Of("remedies", "--json")).Output)!.AsArray();
        Assert.Equal(RemedyCatalogue.All.Select(entry => entry.Name), all.Select(remedy => (string)remedy!["name"]!));
        JsonNode one = JsonNode.Parse((await CommandRun.Of("remedies", "tr-dpo", "--json")).Output)!;
        Assert.Equal(("alpha", 0.6), ((string)one["parameters"]![0]!["name"]!, (double)one["parameters"]![0]!["default"]!));
        Assert.True((bool)one["needsReferenceModel"]!);
    }
}
