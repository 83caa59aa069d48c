using System.Text.Json.Nodes;
using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>
/// A study of conversations beside a text <c>prompt</c> asks, in evaluation, PPO and best-of-n, what it trains on: it gives what the study
/// of the same dialogues written out as texts gives.
/// </summary>
public sealed class ConversationStudyTests(RewardFiles files) : IClassFixture<RewardFiles>, IDisposable
{
    private const string Template =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}<assistant>{% endif %}";

    private readonly string root = Directory.CreateTempSubdirectory("goodhart-conversations-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_prompts_are_those_trained_on(bool byTemplate)
    {
        string template = Path.Combine(root, "chat.jinja");
        File.WriteAllText(template, Template);
        foreach (string file in (string[])[files.Data.Preferences, files.Data.HeldOut])
        {
            string[] rows = [.. File.ReadLines(file).Select((row, i) => Question(i, (string)JsonNode.Parse(row)!["prompt"]!))];
            File.WriteAllLines(Of("dialogues", file), rows.Select(Dialogue));
            File.WriteAllLines(Of("texts", file), rows.Select(row => Text(row, byTemplate)));
        }

        string[] points = [await PointsAsync("dialogues", byTemplate ? template : "plain"), await PointsAsync("texts", "plain")];
        Assert.Equal(points[1], points[0]);
        Assert.All((string[])["dpo", "ppo", "best-of-n"], loss => Assert.Contains($"\n{loss},", points[0], StringComparison.Ordinal));
    }

    /// <summary>A reward model would score texts unlike those that it was trained on.</summary>
    [Fact]
    public void A_reward_model_that_was_trained_on_another_layout_is_refused_until_the_study_names_one()
    {
        string model = Recorded(files.Data.Model, "model", "refuse");
        string reward = Recorded(files.Reward, "reward", "common");
        string[] changes =
        [
            RewardFiles.Rlhf, "align.losses=[ppo]", "align.checkpoints=[1]", $"models[0].from={model}", $"rlhf.reward={{from: '{reward}'}}",
        ];
        using MicroStudy study = MicroStudy.Empty();
        Assert.Contains(
            "were trained on conversations that were written in different ways",
            Assert.Throws<InvalidDataException>(() => study.Prepare(files.Data.Study(changes))).Message,
            StringComparison.Ordinal);
        Assert.NotEmpty(study.Prepare(files.Data.Study([.. changes, "data.chatTemplate=plain"])).Plan().Steps);
    }

    /// <summary>A copy of a model's folder that says how it was trained.</summary>
    private string Recorded(string folder, string name, string mismatch)
    {
        string copy = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        File.WriteAllText(
            Path.Combine(copy, "goodhart_chat.json"), $$"""{"chatTemplate":"plain","prefixMismatch":"{{mismatch}}"}""");
        return copy;
    }

    private async Task<string> PointsAsync(string kind, string template)
    {
        StudyDefinition definition = files.Data.Study(
            RewardFiles.Rlhf,
            "align.losses=[dpo, ppo, best-of-n]",
            "align.checkpoints=[1]",
            $"rlhf.reward={{from: '{files.Reward}'}}",
            $"data.preferences={Of(kind, files.Data.Preferences)}",
            $"data.sft={Of(kind, files.Data.Preferences)}",
            $"data.heldOut={Of(kind, files.Data.HeldOut)}",
            "data.columns={}",
            $"data.chatTemplate={template}");
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(definition);
        return study.Read("points.csv");
    }

    private string Of(string kind, string file) => Path.Combine(root, $"{kind}-{Path.GetFileName(file)}");

    /// <summary>Short, and another for each row.</summary>
    private static string Question(int row, string prompt) =>
        FormattableString.Invariant($"{row} {string.Concat(prompt.Where(c => char.IsAsciiLetter(c) || c == ' '))[..24].Trim()}");

    private static string Dialogue(string question) => new JsonObject
    {
        ["prompt"] = "Something else.",
        ["chosen"] = new JsonArray(Turn("user", question), Turn("assistant", "The first answer.")),
        ["rejected"] = new JsonArray(Turn("user", question), Turn("assistant", "Another.")),
    }.ToJsonString();

    private static string Text(string question, bool byTemplate) => new JsonObject
    {
        ["prompt"] = byTemplate ? $"<user>{question}<assistant>" : $"\n\nHuman: {question}\n\nAssistant:",
        ["chosen"] = (byTemplate ? "" : " ") + "The first answer.",
        ["rejected"] = (byTemplate ? "" : " ") + "Another.",
    }.ToJsonString();

    private static JsonObject Turn(string role, string content) => new() { ["role"] = role, ["content"] = content };
}
