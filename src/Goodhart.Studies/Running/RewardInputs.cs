using Goodhart.Models;
using Goodhart.Steps.Runs;
using Goodhart.Studies.Configuration;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Studies.Running;

/// <summary>Reward models that a study names, opened to see that they are ones.</summary>
internal static class RewardInputs
{
    /// <summary>A model's folder, or that of a run of <c>goodhart reward</c>: of an ensemble all members.</summary>
    /// <param name="told">As <see cref="ModelFolder.Open"/> has it.</param>
    /// <exception cref="InvalidDataException">No reward model.</exception>
    public static IReadOnlyList<ModelInput> Open(StudyPath from, Action<string>? told)
    {
        ModelInput[] members = [.. RewardFolders.Of(from.Folder).Select(path => ModelInput.Open(path, told))];
        Array.ForEach(members, member => member.Require(OutputHead.Score));
        return members;
    }

    /// <summary>A reward model with the tokenizer that it reads texts by.</summary>
    /// <param name="key">Of the study, for messages.</param>
    /// <param name="told">As <see cref="ModelFolder.Open"/> has it.</param>
    /// <exception cref="InvalidDataException">No reward model, or several.</exception>
    public static ModelInput One(StudyPath from, string key, Action<string>? told)
    {
        IReadOnlyList<ModelInput> members = Open(from, told);
        if (members.Count > 1)
        {
            throw new InvalidDataException(
                $"{from.Place}: {key}: {from.Text} holds {members.Count} reward models, and a judge is one: name a member, such as "
                    + $"{RewardFolders.Of(from.Folder)[0]}.");
        }

        TokenizerFile.Open(members[0].TokenizerFolder);
        return members[0];
    }
}
