namespace Goodhart.Pipeline;

/// <summary>The folder that a run is to write into is held by another run: nothing was started.</summary>
public sealed class FolderInUseException(string directory, Exception busy)
    : IOException(
        $"{directory} is in use by another run. Wait for it to end, stop it, or give this run a folder of its own (--out).", busy);
