using System.Text.Json;
using System.Text.RegularExpressions;
using Goodhart.Hub.Names;
using Goodhart.Hub.Requests;

namespace Goodhart.Hub.Pulling;

/// <summary>
/// Configuration, tokenizer, chat templates and safetensors of a model or an adapter; nothing that is a program, as pickles are.
/// </summary>
/// <remarks>Where a repository has both, a whole model is what its name means: together they would be read as neither.</remarks>
internal sealed partial class ModelSelection(HubName name) : IFileSelection
{
    private const string Model = "model.safetensors";
    private const string Index = Model + ".index.json";
    private const string Adapter = "adapter_model.safetensors";
    private const string Config = "config.json";
    private const string AdapterConfig = "adapter_config.json";

    private static readonly string[] Texts =
    [
        Config, "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "chat_template.jinja", "chat_template.json", "goodhart_chat.json", "README.md",
    ];

    public IReadOnlyList<RepoFile> First(RepoListing listing)
    {
        if (!HasWeights(listing) && !Has(listing, Adapter))
        {
            throw Nothing(listing);
        }

        bool isModel = IsModel(listing);
        bool needsIndex = isModel && !Has(listing, Model);
        return
        [
            .. listing.Files.Where(file => file.Path switch
            {
                AdapterConfig => !isModel,
                Index => needsIndex,
                _ => Texts.Contains(file.Path) || Also().IsMatch(file.Path),
            }),
        ];
    }

    public IReadOnlyList<RepoFile> Others(RepoListing listing, Func<string, string> read)
    {
        string whole = IsModel(listing) ? Model : Adapter;
        return Has(listing, whole) ? [listing.Files.First(file => file.Path == whole)] :
        [
            .. Parts(read(Index)).Select(part => listing.Files.FirstOrDefault(file => file.Path == part) ?? throw new HubRefusedException(
                $"{name}: {Index} names {part}, which the repository has not: it is incomplete. Try another revision.")),
        ];
    }

    private static bool HasWeights(RepoListing listing) => Has(listing, Model) || Has(listing, Index);

    /// <summary>Whole weights that can be read, or no adapter either way.</summary>
    private static bool IsModel(RepoListing listing) => HasWeights(listing) && (Has(listing, Config) || !Has(listing, Adapter));

    private HubRefusedException Nothing(RepoListing listing)
    {
        string[] pickles = [.. listing.Files.Where(file => Pickle().IsMatch(file.Path)).Select(file => file.Path)];
        return new HubRefusedException(pickles.Length > 0
            ? $"{name} has no safetensors, only {pickles[0]}{(pickles.Length > 1 ? " and more of its kind" : "")}: a pickle is a program, "
                + "and is never fetched. "
                + $"A bot's conversion may stand in a pull request: goodhart pull {name.Id}@refs/pr/N"
            : $"{name} has no {Model}, no {Index} and no {Adapter}: it is no model that can be read here. "
                + "A data set is fetched with --dataset.");
    }

    /// <summary>The files that the index maps tensors to.</summary>
    private string[] Parts(string index)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(index);
            string[] parts =
            [
                .. document.RootElement.GetProperty("weight_map").EnumerateObject()
                    .Select(entry => entry.Value.GetString()!).Distinct().Order(StringComparer.Ordinal),
            ];
            return parts.Length > 0 && parts.All(part => part?.EndsWith(".safetensors", StringComparison.Ordinal) == true)
                ? parts
                : throw new FormatException();
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubRefusedException(
                $"{name}: {Index}: expected a weight_map of tensors to safetensors files, found none that can be read.");
        }
    }

    private static bool Has(RepoListing listing, string path) => listing.Files.Any(file => file.Path == path);

    [GeneratedRegex(@"\A(LICENSE[^/]*|additional_chat_templates/[^/]+\.jinja)\z")]
    private static partial Regex Also();

    [GeneratedRegex(@"\.(bin|pt|pth|ckpt|h5|msgpack)\z")]
    private static partial Regex Pickle();
}
