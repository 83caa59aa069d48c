using Goodhart.Evaluation.Theory.SoftQ;

namespace Goodhart.Studies.Theory;

/// <summary>Responses of one origin in the soft Q view.</summary>
/// <param name="Name">"samples", "chosen" or "rejected".</param>
/// <param name="Rows">Per tree, its row in its file, from 0.</param>
/// <param name="Trees">The prompts with their responses.</param>
/// <param name="Values">The responses of all trees in order.</param>
public sealed record SoftQSet(
    string Name, IReadOnlyList<int> Rows, IReadOnlyList<ResponseTree> Trees, IReadOnlyList<ResponseValues> Values)
{
    public ValueSummary Summary => ValueSummary.Of(Values);
}
