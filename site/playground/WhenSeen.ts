/** Renders its content when a reader comes near: a page that is only read loads nothing of the playground. */
import { defineComponent, h, onBeforeUnmount, onMounted, ref } from "vue";

export default defineComponent({
  name: "WhenSeen",
  setup(_, { slots }) {
    const place = ref<HTMLElement>();
    const isSeen = ref(false);
    let observer: IntersectionObserver | undefined;
    onMounted(() => {
      if (place.value === undefined) return;
      observer = new IntersectionObserver((entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        isSeen.value = true;
        observer?.disconnect();
      }, { rootMargin: "200px" });
      observer.observe(place.value);
    });
    onBeforeUnmount(() => observer?.disconnect());
    return () => h("div", { ref: place, class: "when-seen" }, isSeen.value ? slots.default?.() : h("p", "The playground loads when you come here."));
  },
});
