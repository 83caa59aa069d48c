using Goodhart.Steps.Folders;
using Goodhart.Text.Datasets;

namespace Goodhart.Steps.Lines;

/// <summary>How far a command is.</summary>
public readonly record struct WorkDone(int Done, int Total);

/// <summary>Told what a command does; changes nothing.</summary>
public interface IToolProgress : IProgress<WorkDone>
{
    /// <summary>Told what a user should know of a model that is opened, a line each; null: nobody is.</summary>
    Action<string>? Note { get; }

    void Loaded(LoadedModel model);

    /// <summary>A file was read; what of it was not used.</summary>
    void Read(RowAccount account);
}
