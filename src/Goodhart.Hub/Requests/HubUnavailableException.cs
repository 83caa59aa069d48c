namespace Goodhart.Hub.Requests;

/// <summary>
/// The hub could not be asked, or did not answer as it should; the same command may succeed later, and goes on where it was.
/// </summary>
public sealed class HubUnavailableException : IOException
{
    public HubUnavailableException(string message)
        : base(message)
    {
    }

    public HubUnavailableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
