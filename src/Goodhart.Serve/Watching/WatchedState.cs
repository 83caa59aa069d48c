namespace Goodhart.Serve.Watching;

/// <summary>What a step of a watched study is at, by what its folder says.</summary>
internal enum WatchedState
{
    /// <summary>Planned; nobody is at it, or whoever was has stopped.</summary>
    Waiting,

    /// <summary>Started, and neither stored nor failed since.</summary>
    Running,

    /// <summary>Stored.</summary>
    Done,

    /// <summary>Its last attempt failed.</summary>
    Failed,

    /// <summary>Something that it needs has failed.</summary>
    Skipped,

    /// <summary>An attempt that ran by itself and gives no sign of life any more.</summary>
    Lost,
}
