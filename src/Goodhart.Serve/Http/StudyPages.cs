using System.Globalization;
using System.Text.Json;
using Goodhart.Serve.Answers;
using Goodhart.Serve.Watching;
using Microsoft.AspNetCore.Http;

namespace Goodhart.Serve.Http;

/// <summary>All that the server answers, by path. Whatever is not named here is not there.</summary>
/// <param name="stop">The server stops: streams end.</param>
internal sealed class StudyPages(string directory, StudyWatch watch, Gate gate, CancellationToken stop)
{
    private readonly StudyAnswers study = new(watch, directory, TimeProvider.System);
    private readonly SampleAnswers samples = new(watch, directory);
    private readonly CurveAnswers curves = new(watch, directory);
    private readonly StepAnswers steps = new(watch, directory);
    private readonly AlarmAnswers alarm = new(watch);

    public async Task AnswerAsync(HttpContext context)
    {
        Gate.Protect(context.Response);
        if (gate.IsArrival(context.Request))
        {
            Welcome(context);
        }
        else if (gate.Refusal(context.Request) is { } refusal)
        {
            await TextAsync(context.Response, refusal.Status, refusal.Text).ConfigureAwait(false);
        }
        else if (PageFile.All.TryGetValue(context.Request.Path, out PageFile? file))
        {
            await BytesAsync(context, file.Type, file.Content).ConfigureAwait(false);
        }
        else
        {
            await DataAsync(context).ConfigureAwait(false);
        }
    }

    private async Task DataAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string key = request.Query["step"].ToString();
        switch (request.Path.Value)
        {
            case "/api/study":
                await JsonAsync(context, study.Since(Moment.Read(watch.Instance, request.Query["have"])).Answer).ConfigureAwait(false);
                break;
            case "/api/events":
                await StreamAsync(context).ConfigureAwait(false);
                break;
            case "/api/prompts":
                await JsonAsync(context, samples.Prompts()).ConfigureAwait(false);
                break;
            case "/api/samples":
                await JsonAsync(context, Place(request) is { } place ? samples.Of(key, place) : null).ConfigureAwait(false);
                break;
            case "/api/curve":
                await JsonAsync(context, curves.Of(key)).ConfigureAwait(false);
                break;
            case "/api/alarm":
                await JsonAsync(context, alarm.Now()).ConfigureAwait(false);
                break;
            case "/api/step":
                await JsonAsync(context, steps.Of(key)).ConfigureAwait(false);
                break;
            case { } path when path.StartsWith("/files/", StringComparison.Ordinal):
                await FileAsync(context, path["/files/".Length..]).ConfigureAwait(false);
                break;
            default:
                await NotFoundAsync(context.Response).ConfigureAwait(false);
                break;
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        string? known = context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? context.Request.Query["have"].FirstOrDefault();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
        await new EventStream(study, watch).WriteAsync(context.Response, known, end.Token).ConfigureAwait(false);
    }

    private async Task FileAsync(HttpContext context, string name)
    {
        if (StudyFiles.Find(directory, name) is not { } path)
        {
            await NotFoundAsync(context.Response).ConfigureAwait(false);
            return;
        }

        byte[] content = await File.ReadAllBytesAsync(path, context.RequestAborted).ConfigureAwait(false);
        if (path.EndsWith(".html", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentSecurityPolicy = ReportPolicy.Of(System.Text.Encoding.UTF8.GetString(content));
        }

        await BytesAsync(context, StudyFiles.TypeOf(name), content).ConfigureAwait(false);
    }

    /// <summary>The token moves from the address, where history would keep it, into a cookie that only this server gets.</summary>
    private static void Welcome(HttpContext context)
    {
        context.Response.Cookies.Append(
            Gate.CookieName(context.Request), context.Request.Query[Gate.TokenParameter].ToString(),
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/";
    }

    private static int? Place(HttpRequest request) =>
        int.TryParse(request.Query["prompt"], NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : null;

    private static Task NotFoundAsync(HttpResponse response) =>
        TextAsync(response, StatusCodes.Status404NotFound, "There is nothing of that name.");

    private static Task TextAsync(HttpResponse response, int status, string text)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(text + "\n");
    }

    private static async Task JsonAsync<T>(HttpContext context, T? answer)
        where T : class
    {
        if (answer is null)
        {
            await NotFoundAsync(context.Response).ConfigureAwait(false);
            return;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(answer, AnswerJson.Options);
        await BytesAsync(context, "application/json", json).ConfigureAwait(false);
    }

    private static Task BytesAsync(HttpContext context, string type, byte[] content)
    {
        (context.Response.ContentType, context.Response.ContentLength) = (type, content.Length);
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}
