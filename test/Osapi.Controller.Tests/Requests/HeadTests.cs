using System.Net;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Requests;

/// <summary>Tests of HEAD: the response to GET, without its body.</summary>
public sealed class HeadTests() : ControllerTest(new AgentSetup("web-01", AnswersOk: true))
{
    [Fact]
    public async Task Every_path_that_answers_GET_answers_HEAD_alike()
    {
        IReadOnlyList<string> paths =
        [
            .. OperationCatalog.Default.Where(operation => operation.Route.Method == "GET").Select(operation => Calls.Path(operation, "web-01")),
            "/openapi.json", "/nothing", "/file/none/content",
        ];
        foreach (var path in paths)
        {
            var get = await fixture.GetAsync(path);
            var head = await fixture.SendAsync("HEAD", path);

            Assert.Equal((path, get.Status, get.ContentType, ""), (path, head.Status, head.ContentType, head.Body));
            Assert.Equal(get.Message.Headers.CacheControl, head.Message.Headers.CacheControl);
        }
    }

    [Fact]
    public async Task A_stream_of_events_does_not_begin()
    {
        var head = await fixture.SendAsync("HEAD", "/job/events");

        Assert.Equal((HttpStatusCode.OK, "text/event-stream", ""), (head.Status, head.ContentType, head.Body));
    }

    [Fact]
    public async Task A_stored_file_has_its_size_and_digest_in_the_headers()
    {
        await fixture.SendAsync("POST", "/file", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc\r\n--b--\r\n", contentType: "multipart/form-data; boundary=b");

        var head = await fixture.SendAsync("HEAD", "/file/a/content");

        Assert.Equal((HttpStatusCode.OK, 3L, ""), (head.Status, head.Message.Content.Headers.ContentLength, head.Body));
        Assert.NotNull(head.Message.Headers.ETag);
    }

    [Fact]
    public async Task Without_a_token_it_is_refused_alike() => Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.SendAsync("HEAD", "/agent", token: null)).Status);
}
