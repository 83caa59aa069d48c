using Goodhart.Worlds;

namespace Goodhart.Studies.Configuration;

/// <summary>The key <c>evaluate.confirm</c>, and what a second pass needs of the rest of the study.</summary>
internal static class ConfirmBinder
{
    private const string Key = "evaluate.confirm";

    public static ConfirmDefinition Bind(MappingReader confirm) => new(
        confirm.Whole("prompts", min: 2), confirm.Has("cells") ? confirm.Whole("cells", min: 1) : 3);

    public static void Require(MappingReader study, StudyDefinition definition)
    {
        if (definition.Evaluate.Confirm is not { } confirm)
        {
            return;
        }

        study.Require(
            definition.Align.Also.Select(also => also.Remedies).Append(definition.Align.Remedies).Any(own => own is { Count: > 0 }),
            "evaluate",
            $"{Key} reads the best cells of every remedy once more, and align.remedies names none: name some, or leave it out.");
        study.Require(
            definition.Judge is not null, "evaluate", $"{Key} reads win rates, and nothing decides wins: name a judge, or leave it out.");
        study.Require(
            definition.Keep is KeepPolicy.Weights or KeepPolicy.All, "keep",
            $"{Key} samples from the chosen checkpoints when all have been evaluated, and they would be gone: expected keep: weights or "
                + "all.");
        int asked = definition.Evaluate.Prompts + confirm.Prompts;
        study.Require(
            definition.World is null || asked <= PostIndex.MostHeldOut, "evaluate",
            FormattableString.Invariant($"the gold judge knows {PostIndex.MostHeldOut} held-out posts, and evaluate.prompts and {Key}")
                + FormattableString.Invariant($".prompts together ask for {asked}: lower one of the two."));
    }
}
