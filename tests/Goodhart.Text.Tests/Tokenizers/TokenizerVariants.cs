using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>Published files with other components put in: what SmolLM, Mistral, DeepSeek Coder and others have that no fetched file
/// has.</summary>
internal static class TokenizerVariants
{
    private const string Bytes = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}""";
    private const string Words = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}""";
    private const string Meta = """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "SCHEME", "split": SPLIT}""";

    private static readonly Dictionary<string, (string Base, string Changes)> All = new(StringComparer.Ordinal)
    {
        ["metaspace always, split"] = ("llama2", Metaspace("always", "true")),
        ["metaspace always, whole"] = ("llama2", Metaspace("always", "false")),
        ["metaspace first, split"] = ("llama2", Metaspace("first", "true")),
        ["metaspace first, whole"] = ("llama2", Metaspace("first", "false")),
        ["metaspace never"] = ("llama2", Metaspace("never", "true")),
        ["unknown characters fused"] = ("llama2", """{"model": {"byte_fallback": false, "fuse_unk": true}}"""),
        ["unknown characters one by one"] = ("llama2", """{"model": {"byte_fallback": false, "fuse_unk": false, "ignore_merges": true}}"""),
        ["SmolLM"] = ("qwen3", Steps("""{"type": "Digits", "individual_digits": true}""", Words)),
        ["runs of digits, punctuation"] = ("qwen3", Steps(
            """{"type": "Digits", "individual_digits": false}""", """{"type": "Punctuation", "behavior": "Isolated"}""", Words)),
        ["prefix space, NFKC"] = ("qwen3",
            """{"normalizer": {"type": "NFKC"}, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}}"""),
        ["possessive, as cl100k"] = ("qwen3", Steps(Split(
            @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s*[\r\n]|\s+(?!\S)|\s+"), Bytes)),
        ["Qwen3.5"] = ("qwen3", Steps(Split(
            @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
                Bytes)),
        ["Tekken"] = ("qwen3", Steps(Split(
            @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
            + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"), Bytes)),
        ["several expressions"] = ("qwen3", Steps(
            Split(@"[\r\n]"), Split(@"\s?\p{L}+"), Split(@"\s?\p{P}+"), Split("[一-龥ࠀ-一가-퟿]+"),
                """{"type": "Digits", "individual_digits": true}""", Bytes)),
        ["texts in place of expressions"] = ("qwen3", Steps(
            """{"type": "Split", "pattern": {"String": "\n"}, "behavior": "Isolated", "invert": false}""",
            """{"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithNext", "invert": false}""",
            """{"type": "Split", "pattern": {"String": "."}, "behavior": "MergedWithPrevious", "invert": false}""",
            Bytes)),
    };

    public static TheoryData<string> Names { get; } = [.. All.Keys];

    public static void Write(string name, TemporaryFolder folder)
    {
        (string source, string changes) = All[name];
        string from = PublishedTokenizers.Folder(source)!;
        JsonObject file = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(from, "tokenizer.json")))!;
        foreach ((string component, JsonNode? value) in (JsonObject)JsonNode.Parse(changes)!)
        {
            if (component == "model")
            {
                foreach ((string option, JsonNode? set) in (JsonObject)value!)
                {
                    file["model"]![option] = set!.DeepClone();
                }
            }
            else
            {
                file[component] = value?.DeepClone();
            }
        }

        folder.Write("tokenizer.json", file.ToJsonString());
        folder.Write("tokenizer_config.json", File.ReadAllText(Path.Combine(from, "tokenizer_config.json")));
    }

    private static string Metaspace(string scheme, string split)
    {
        string component = Meta.Replace("SCHEME", scheme, StringComparison.Ordinal).Replace("SPLIT", split, StringComparison.Ordinal);
        return "{\"normalizer\": null, \"pre_tokenizer\": " + component + ", \"decoder\": " + component + "}";
    }

    private static string Steps(params string[] steps) =>
        "{\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [" + string.Join(", ", steps) + "]}}";

    private static string Split(string expression) => new JsonObject
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = expression },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    }.ToJsonString();
}
