using System.Text;
using System.Text.Json;
using Goodhart.Serve.Answers;
using Goodhart.Serve.Watching;
using Microsoft.AspNetCore.Http;

namespace Goodhart.Serve.Http;

/// <summary>Changes of the study as server-sent events, until the client goes or the server stops.</summary>
/// <remarks>Each carries what the client then knows as its id. A client that comes again gives it back and is told what it lacks.</remarks>
internal sealed class EventStream(StudyAnswers answers, StudyWatch watch)
{
    /// <summary>Without changes a client is told so often that the server is there, and how far the run is.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <param name="known">What the client gave back; null: it comes for the first time.</param>
    public async Task WriteAsync(HttpResponse response, string? known, CancellationToken cancel)
    {
        response.ContentType = "text/event-stream";
        StudyMoment? seen = Moment.Read(watch.Instance, known);
        try
        {
            while (true)
            {
                (StudyAnswer answer, StudyMoment moment) = answers.Since(seen);
                await SendAsync(response, answer, cancel).ConfigureAwait(false);
                seen = moment;
                await watch.WaitAsync(moment, Beat, cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    private static async Task SendAsync(HttpResponse response, StudyAnswer answer, CancellationToken cancel)
    {
        await response.WriteAsync($"id: {answer.Moment}\nevent: study\ndata: ", cancel).ConfigureAwait(false);
        await JsonSerializer.SerializeAsync(response.Body, answer, AnswerJson.Options, cancel).ConfigureAwait(false);
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes("\n\n"), cancel).ConfigureAwait(false);
        await response.Body.FlushAsync(cancel).ConfigureAwait(false);
    }
}
