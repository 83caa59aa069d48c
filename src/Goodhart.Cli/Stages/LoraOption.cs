using System.CommandLine;
using System.Numerics;
using Goodhart.Cli.Parsing;
using Goodhart.Models.Adapters;

namespace Goodhart.Cli.Stages;

/// <summary>An adapter that is trained instead of the weights: r=16,alpha=32,targets=q_proj,v_proj.</summary>
internal sealed class LoraOption
{
    private const string Example = "--lora r=16,alpha=32,targets=q_proj,v_proj";

    private static readonly string[] Keys = ["r", "alpha", "targets", "exclude", "rslora", "init"];

    public Option<string?> Option { get; } = new("--lora")
    {
        Description = "Train a low-rank adapter and freeze the weights: r (8), alpha (8), targets (names of linear layers, or "
            + "all-linear; usual: query_key_value, "
            + "or q_proj,v_proj), exclude, rslora=true (scaling alpha/√r), init=gaussian; PEFT's names and defaults. DIR/model is "
            + "then a folder as PEFT writes it.",
        HelpName = "r=16,alpha=32,...",
    };

    /// <returns>Null: no adapter is wanted.</returns>
    /// <exception cref="ArgumentException">An unknown key, or a value that it does not take.</exception>
    public LoraConfig? Of(ParseResult parse) => parse.GetValue(Option) is { } text ? Read(text) : null;

    /// <inheritdoc cref="Of"/>
    internal static LoraConfig Read(string text)
    {
        Dictionary<string, List<string>> values = Values(text);
        return new LoraConfig
        {
            Rank = Number("r", NumberRule.Whole(1, 8), 8),
            Alpha = Number("alpha", NumberRule.Above0(8), 8),
            RankStabilized = One("rslora") is { } flag && (flag is "true" or "false" ? flag == "true"
                : throw Wrong("rslora", "true or false", flag)),
            Targets = Targets("targets"),
            Excluded = Targets("exclude"),
            Start = One("init") switch
            {
                null or "true" => AdapterStart.Uniform,
                "gaussian" => AdapterStart.Gaussian,
                { } other => throw Wrong("init", "true or gaussian (others change the base's weights, or leave no reference)", other),
            },
        };

        T Number<T>(string key, NumberRule<T> rule, T standard)
            where T : struct, INumber<T> =>
            One(key) is not { } given ? standard : rule.TryRead(given, out T number) ? number : throw Wrong(key, rule.Expected, given);

        string? One(string key) => !values.TryGetValue(key, out List<string>? given) ? null
            : given.Count == 1 ? given[0] : throw Wrong(key, "one value", string.Join(',', given));

        AdapterTargets? Targets(string key) => !values.TryGetValue(key, out List<string>? names) ? null
            : names is [AllLinear.Name] ? new AllLinear() : new NamedTargets([.. names.Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>A part without = goes on with the list before it.</summary>
    private static Dictionary<string, List<string>> Values(string text)
    {
        Dictionary<string, List<string>> values = [];
        List<string>? last = null;
        foreach (string entry in CommaList.Split(text))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                string key = Key(entry[..equals].Trim());
                last = [];
                if (!values.TryAdd(key, last))
                {
                    throw new ArgumentException($"--lora: expected each key once, found {key} twice in '{text}'.");
                }
            }
            else if (last is null)
            {
                throw new ArgumentException($"--lora: expected KEY=VALUE,..., found '{entry}' in '{text}'. Example: {Example}");
            }

            last.Add(entry[(equals + 1)..].Trim());
        }

        return values;
    }

    /// <summary>PEFT's own spellings are understood too.</summary>
    private static string Key(string key) => key switch
    {
        "lora_alpha" => "alpha",
        "target_modules" => "targets",
        "exclude_modules" => "exclude",
        "use_rslora" => "rslora",
        "init_lora_weights" => "init",
        "dropout" or "lora_dropout" => throw new ArgumentException("--lora: there is no dropout: models are trained without it here. "
        + "Leave it out."),
        "dora" or "use_dora" => throw new ArgumentException("--lora: DoRA is not supported: leave it out for plain LoRA, or take "
        + "rslora=true."),
        _ => Keys.Contains(key) ? key : throw new ArgumentException(
            $"--lora: expected one of the keys {string.Join(", ", Keys)}, found '{key}'. Example: {Example}"),
    };

    private static ArgumentException Wrong(string key, string expected, string found) =>
        new($"--lora: {key}: expected {expected}, found '{found}'. Example: {Example}");
}
