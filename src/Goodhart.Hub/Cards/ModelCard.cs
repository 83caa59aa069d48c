using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Goodhart.Hub.Cards;

/// <summary>A model's README.md as the hub reads it: metadata as YAML, then what people should know.</summary>
/// <remarks>It has no times, so that equal runs have equal cards.</remarks>
/// <param name="Title">Of the page.</param>
/// <param name="Summary">What the model is, in a sentence or two.</param>
public sealed partial record ModelCard(string Title, string Summary)
{
    public const string FileName = "README.md";

    private const string Mark = "<!-- Written by goodhart, which replaces it. Take this line out, and the file is yours and stays. -->";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Names on the hub of what it is made from.</summary>
    public IReadOnlyList<string> BaseModels { get; init; } = [];

    /// <summary>finetune, adapter or merge; null: made from nothing.</summary>
    public string? Relation { get; init; }

    /// <summary>Null: unknown, and not guessed.</summary>
    public CardLicense? License { get; init; }

    /// <summary>What the hub offers it for.</summary>
    public string Task { get; init; } = "text-generation";

    /// <summary>What loads it.</summary>
    public string Library { get; init; } = "transformers";

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Names on the hub.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    public IReadOnlyList<CardSection> Sections { get; init; } = [];

    /// <summary>The command that made it; null: unknown.</summary>
    public string? Command { get; init; }

    /// <summary>Writes it into a model's folder. A README.md of the user's own stays as it is.</summary>
    /// <returns>Whether it was written.</returns>
    public bool Write(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (File.Exists(path) && !IsOurs(path))
        {
            return false;
        }

        WholeFile.Write(path, Text());
        return true;
    }

    /// <summary>Whether a README.md was written here, and not changed into the user's own.</summary>
    public static bool IsOurs(string path) => File.ReadLines(path).Any(line => line == Mark);

    public string Text()
    {
        StringBuilder text = new("---\n");
        Scalar("license", License?.Id);
        Scalar("license_name", License?.Name);
        Scalar("license_link", License?.Link);
        Scalar("library_name", Library);
        Scalar("pipeline_tag", Task);
        if (BaseModels is [{ } only])
        {
            Scalar("base_model", only);
        }
        else
        {
            Items("base_model", BaseModels);
        }

        Scalar("base_model_relation", BaseModels.Count > 0 ? Relation : null);
        Items("datasets", Datasets);
        Items("tags", Tags);
        text.Append("---\n").Append(Mark).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"\n# {Title}\n\n{Summary}\n");
        foreach (CardSection section in Sections.Where(section => section.Rows.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Heading}\n\n").Append(section.Lead is { } lead ? lead + "\n\n" : "");
            text.Append("| | |\n|---|---|\n");
            foreach ((string name, string value) in section.Rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {Cell(name)} | {Cell(value)} |\n");
            }
        }

        if (Command is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Command\n\n```sh\n{Command}\n```\n");
        }

        return text.ToString();

        void Scalar(string key, string? value) => text.Append(value is null ? "" : $"{key}: {Yaml(value)}\n");

        void Items(string key, IReadOnlyList<string> values) =>
            text.Append(values.Count == 0 ? "" : $"{key}:\n{string.Concat(values.Select(value => $"- {Yaml(value)}\n"))}");
    }

    /// <summary>Quoted wherever YAML could read something else.</summary>
    private static string Yaml(string value) => PlainScalar().IsMatch(value)
        && value.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "null" or "on" or "off" or "y" or "n")
        ? value
        : JsonSerializer.Serialize(value, Plain);

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_./-]*\z")]
    private static partial Regex PlainScalar();
}
