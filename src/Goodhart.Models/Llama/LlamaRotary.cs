using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.Llama;

/// <summary>
/// Rotary embedding as config.json has it: <c>rope_theta</c> and <c>rope_scaling</c>, or <c>rope_parameters</c> with both.
/// </summary>
internal static class LlamaRotary
{
    private const string Llama3 = "llama3";

    /// <exception cref="InvalidDataException">A scaling that is not known, or two spellings that contradict each other.</exception>
    public static (double Base, RotaryScaling? Scaling) Read(ConfigFields fields, int maxPositions)
    {
        if (fields.Number("partial_rotary_factor") is { } share && share != 1)
        {
            throw fields.Refuse("partial_rotary_factor", "1: all dimensions rotate", FormattableString.Invariant($"{share}"));
        }

        ConfigFields? older = fields.Object("rope_scaling");
        ConfigFields? newer = fields.Object("rope_parameters");
        RotaryScaling? scaling = older is { Count: > 0 }
            ? Scaling(older, maxPositions)
            : newer is null
            ? null
            : Scaling(newer, maxPositions);
        return (ConfigFields.Same((newer, "rope_theta"), (older, "rope_theta"), (fields, "rope_theta")) ?? 10000, scaling);
    }

    public static JsonObject ToJson(RotaryScaling scaling) => new()
    {
        ["factor"] = scaling.Factor,
        ["high_freq_factor"] = scaling.HighTurns,
        ["low_freq_factor"] = scaling.LowTurns,
        ["original_max_position_embeddings"] = (int)scaling.OriginalPositions,
        ["rope_type"] = Llama3,
    };

    private static RotaryScaling? Scaling(ConfigFields rope, int maxPositions)
    {
        string? type = rope.Text("rope_type") ?? rope.Text("type");
        switch (type)
        {
            case null or "default":
                // By layer types, or a factor of a kind that nobody names.
                return rope.Unknown("rope_type", "type", "rope_theta", "partial_rotary_factor") is { } odd
                    ? throw rope.Refuse("rope_type", "'llama3' beside a scaling's numbers", $"none, and '{odd}'")
                    : null;
            case Llama3:
                RotaryScaling scaling = new(
                    Required("factor"), Required("low_freq_factor"), Required("high_freq_factor"),
                    rope.OptionalInt("original_max_position_embeddings") ?? maxPositions);
                return scaling is { Factor: > 0, OriginalPositions: > 0 } && scaling.HighTurns > scaling.LowTurns
                    ? scaling
                    : throw rope.Refuse(
                        "factor", "a factor and an original context > 0, and high_freq_factor > low_freq_factor", scaling.ToString());
            default:
                throw rope.Refuse("rope_type", "'default' or 'llama3' (other rotary scalings are not supported)", $"'{type}'");
        }

        double Required(string key) => rope.Number(key) ?? throw rope.Refuse(key, "a number, for rope_type 'llama3'", "none");
    }
}
