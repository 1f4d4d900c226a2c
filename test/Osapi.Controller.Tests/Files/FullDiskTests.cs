using System.Net;
using System.Net.Http.Headers;

namespace Osapi.Controller.Tests.Files;

/// <summary>An upload for which the controller has no room is refused with the cause, leaves nothing, and is accepted once there is room.</summary>
public sealed class FullDiskTests : ControllerTest
{
    [Theory]
    [InlineData(false, "No space left")]
    [InlineData(true, "(?i)read-?only")]
    public async Task An_upload_that_the_controller_cannot_keep_is_refused_with_the_cause(bool readOnly, string cause)
    {
        await using var disk = await SmallDisk.MountAsync(Path.Combine(fixture.Directory, "uploads"), size: "2m");
        if (readOnly)
            await disk.MakeReadOnlyAsync();
        else
            disk.Fill();

        var refused = await UploadAsync(fixture, "large", megabytes: 1);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.StartsWith("the controller cannot keep the upload: ", refused.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Matches(cause, refused.Body);
        Assert.Empty((await fixture.GetAsync("/file")).Assert2xx().Json.GetProperty("files").EnumerateArray());
        if (readOnly)
            return;

        disk.MakeRoom();
        // More than fits at once: what a refused one had written is gone.
        for (var i = 0; i < 3; i++)
            (await UploadAsync(fixture, $"large {i}", megabytes: 1)).Assert2xx(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_upload_that_the_store_cannot_keep_is_refused_too()
    {
        await using var disk = await SmallDisk.MountAsync(Path.Combine(fixture.Directory, "objects"), size: "2m");
        disk.Fill();

        var refused = await UploadAsync(fixture, "large", megabytes: 1);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Contains("No space left", refused.Body, StringComparison.Ordinal);
        disk.MakeRoom();
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Directory, "objects")));
        (await UploadAsync(fixture, "large", megabytes: 1)).Assert2xx(HttpStatusCode.Created);
    }

    private static async Task<Answer> UploadAsync(ControllerFixture fixture, string name, int megabytes)
    {
        using MultipartFormDataContent form = new() { { new StringContent(name), "\"name\"" }, { new ByteArrayContent(new byte[megabytes << 20]), "\"file\"", "\"f\"" } };
        using HttpRequestMessage message = new(HttpMethod.Post, "/file") { Content = form };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", fixture.Admin);
        return await Answer.ReadAsync(await fixture.Http.SendAsync(message, fixture.TestTimeout), fixture.TestTimeout);
    }
}
